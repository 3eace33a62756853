/* The charts of the timeline: plotly, loaded when the page stands, in the place of the server's drawings. Without it those stay. */
import { moment } from "../text/addresses.js";
import { config, expose } from "../text/config.js";
import { run } from "../text/dom.js";
import { group, lead, percent, shareDecimals, shown } from "../text/figures.js";
import { fullClock, told } from "../text/moments.js";
import { t } from "../text/words.js";
import { textureOf, tint } from "../count/paint.js";
import { BUCKETS } from "../text/vocabulary.js";

const POINTS = 1500;
const DASHES = ["solid", "dash", "dot", "dashdot"];
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let data = null;

async function get(path) {
  const at = moment();
  const answer = await fetch(`${config.base}${path}${at ? `&at=${at}` : ""}`);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/* Wall clock of the election's zone: plotly knows no zones. A stamp that goes back stands still. */
function clock(stamp) {
  const [day, time] = fullClock(stamp, config.zone).split(" ");
  return `${day.split("/").reverse().join("-")} ${time}`;
}

function times(points) {
  let last = "";
  return points.map((point) => {
    const own = clock(told(shown(point).source_at, point.at) || point.at);
    last = own > last ? own : last;
    return last;
  });
}

/* On a dark ground a list's colour is mixed with white, as in the server's drawing. */
const visible = (color) => (dark.matches ? tint(color, config.night_tint) : color);

function shareTraces(points, x) {
  const counts = points.map(shown);
  return lead(counts[counts.length - 1]).order.slice(0, config.shown.timeline_lists).map((index) => {
    const { short, color } = config.lists[index];
    const valid = counts.map((count) => (count.votes || []).reduce((sum, own) => sum + own, 0));
    return {
      x, name: short, type: "scatter", mode: "lines",
      line: { color: visible(color), width: 2.5, shape: "hv", dash: DASHES[textureOf(index)] },
      y: counts.map((count, n) => (valid[n] ? (100 * count.votes[index]) / valid[n] : null)),
      text: counts.map((count, n) => (valid[n] ? percent(count.votes[index], valid[n], shareDecimals(lead(count).margin || 0, valid[n])) : "")),
      hovertemplate: "%{text}",
    };
  });
}

/* By how much the first of the two that are ahead now leads: above zero the one, below it the other. */
function leadTraces(points, x) {
  const counts = points.map(shown);
  const pair = lead(counts[counts.length - 1]).order.slice(0, 2);
  const leads = counts.map(({ votes }) => (votes ? votes[pair[0]] - votes[pair[1]] : null));
  return pair.map((index, place) => {
    const { short, color } = config.lists[index];
    const own = leads.map((votes) => (votes === null ? null : Math.max(0, place ? -votes : votes)));
    return {
      x, name: short, type: "scatter", mode: "lines", fill: "tozeroy",
      line: { color: visible(color), width: 1, shape: "hv" }, fillcolor: visible(color),
      y: own.map((votes) => (place && votes ? -votes : votes)),
      text: own.map((votes) => (votes ? `+${group(votes)}` : "")),
      hovertemplate: "%{text}",
    };
  });
}

/* Two round steps reach from zero to the greatest lead; `round_step` of dashboard/components/leadchart.py is the same. */
function roundStep(most) {
  const half = Math.max(1, most / 2);
  const unit = 10 ** Math.floor(Math.log10(half));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((part) => part * unit).find((step) => step >= half && Number.isInteger(step));
}

function middle(traces) {
  const step = roundStep(Math.max(...traces.flatMap(({ y }) => y.map(Math.abs))));
  const tickvals = [-2, -1, 0, 1, 2].map((steps) => steps * step);
  const ticktext = tickvals.map((votes) => group(Math.abs(votes))); // below zero the other list has as many
  const most = 2.1 * step;
  return { range: [-most, most], zeroline: true, zerolinecolor: style("--ink"), zerolinewidth: 1.5, tickvals, ticktext };
}

/* How many of a hundred actas were counted; one that goes back stands still. */
function counted(points) {
  let last = 0;
  return points.map(shown).map((count) => { last = Math.max(last, count.total ? (100 * count.counted) / count.total : 0); return last; });
}

function actaTraces(points, x) {
  const fills = [style("--counted"), style("--jee"), style("--card")];
  const signs = { at_jee: { shape: "/", fgcolor: fills[0], size: 6, solidity: 0.3 }, pending: { shape: ".", fgcolor: style("--soft"), size: 6, solidity: 0.2 } };
  return BUCKETS.map((bucket, index) => ({
    x, name: t(`actas.${bucket}`), type: "scatter", mode: "lines", stackgroup: "actas",
    line: { shape: "hv", width: bucket === "at_jee" ? 1 : 0, color: fills[0] },
    fillcolor: fills[index],
    fillpattern: signs[bucket],
    y: points.map((point) => shown(point)[bucket]),
    text: points.map((point) => group(shown(point)[bucket])),
    hovertemplate: "%{text}",
  }));
}

const momentOf = (turn) => clock(told(turn.source_at, turn.at) || turn.at);
const shareOf = (turn) => (turn.total ? (100 * turn.counted) / turn.total : 0);

/* A line where the count turned, so that colour says nothing alone. */
function turns(moments, place = momentOf) {
  return moments.filter((turn) => turn.kind !== "undecided").map((turn) => ({ turn, at: place(turn) })).map(({ turn, at }) => ({
    type: "line", xref: "x", yref: "paper", y0: 0, y1: 1, x0: at, x1: at,
    line: { color: style("--ink"), width: 1.25, dash: turn.kind === "lead" ? "dot" : "solid" },
  }));
}

function layout(extra) {
  const rule = style("--rule");
  const axis = { gridcolor: rule, linecolor: rule, zeroline: false, automargin: true, fixedrange: true };
  return {
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: style("--soft") },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 8, r: 8, t: 8, b: 8 }, showlegend: false, hovermode: "x unified",
    hoverlabel: { bgcolor: style("--card"), bordercolor: rule, font: { color: style("--ink") } },
    ...extra,
    xaxis: { ...axis, ...(extra?.xaxis ?? { type: "date", tickformat: "%d/%m\n%H:%M", hoverformat: "%d/%m/%Y %H:%M", nticks: 5 }) },
    yaxis: { ...axis, ...extra?.yaxis },
  };
}

function draw() {
  const { points, moments } = data;
  const x = times(points);
  const share = counted(points);
  const [over, across, shares, actas] = ["lead", "lead_counted", "shares", "actas"].map((name) => document.querySelector(`[data-chart="${name}"]`));
  const [leads, leadsByShare] = [leadTraces(points, x), leadTraces(points, share)];
  const config = { displayModeBar: false, responsive: true };
  const drawings = [
    [over, leads, layout({ shapes: turns(moments), yaxis: middle(leads) })],
    [across, leadsByShare, layout({ shapes: turns(moments, shareOf), yaxis: middle(leads), xaxis: { ticksuffix: " %", nticks: 5, hoverformat: ".2f" } })],
    [shares, shareTraces(points, x), layout({ shapes: turns(moments), yaxis: { ticksuffix: " %" } })],
    [actas, actaTraces(points, x), layout({ yaxis: { rangemode: "tozero", tickformat: ",d", separatethousands: true } })],
  ];
  for (const [host, traces, form] of drawings.filter(([there]) => there)) {
    const old = host.querySelector(":scope > svg");
    if (old) old.remove();
    host.classList.add("lively");
    window.Plotly.react(host, traces, { ...form, separators: ". " }, config);
  }
  expose({ charts: { drawn: true } });
}

export async function start() {
  const host = document.querySelector('[data-chart="shares"]');
  if (!host) return;
  const key = encodeURIComponent(host.dataset.chartKey);
  try {
    const [line, story] = await Promise.all([
      get(`/timeline?key=${key}&most=${POINTS}`), get(`/moments?key=${key}`), run(host.dataset.library),
    ]);
    data = { points: line.points, moments: story.moments };
    draw();
    dark.addEventListener("change", draw);
  } catch (error) {
    console.warn(error); // the server's drawings stand
  }
}
