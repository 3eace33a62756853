/* The module of each page, by the page's name in dashboard/mission_pages.py: loaded when that page is opened, and no other. */
export const VIEWS = {
  accounts: () => import("../accounts.js"),
  "acta-audits": () => import("../audit.js"),
  coverage: () => import("../coverage.js"),
  desk: () => import("../desk.js"),
  fill: () => import("../forms/fill.js"),
  flags: () => import("../flags.js"),
  incident: () => import("../incident.js"),
  incidents: () => import("../incidents.js"),
  "map-changes": () => import("../changes.js"),
  messages: () => import("../messages/messages.js"),
  place: () => import("../thread.js"),
  public: () => import("../public.js"),
  report: () => import("../report.js"),
  stake: () => import("../stake.js"),
  summary: () => import("../summary.js"),
};
