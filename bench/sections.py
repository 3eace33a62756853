"""What is measured, and the bar of each figure: set before the measurement, beside what the reference reached."""

from collections.abc import Callable

from msgspec import Struct

from bench import count, embed, flags, hub, overview, packing, page, questions, races, readpath
from bench.responses import submissions

_SIZES = tuple(f"{number}_{size}" for number in (1000, 4000) for size in ("1k", "20k"))


class BenchSection(Struct, frozen=True):
    """One kind of measurement; `bars` are (figure, what it is, bar, the reference's own figure)."""

    title: str
    text: str
    measure: Callable[[Callable[[str], None]], dict[str, float]]
    bars: tuple[tuple[str, str, str, str], ...]


_COUNT = (
    ("cold_load_s_per_10k", "Cold load, CPU s per 10,000 actas (bytes → validated → stored → all levels)", "≤ 0.6", ""),
    ("cold_load_over_json_loads", "… times the CPU of `json.loads` alone on the same bytes", "", ""),
    ("cold_load_over_sqlite_insert", "… times the CPU of inserting the same bytes into a plain SQLite table", "", ""),
    ("batch_500_ms", "A batch of 500 changed actas, applied and committed, CPU ms", "≤ 30", ""),
    ("batch_500_apply_ms", "… of which board and encoding, CPU ms", "", ""),
    ("batch_500_over_json_loads", "… times the CPU of `json.loads` on those 500 payloads", "", ""),
    ("recompute_ms", "Full recompute of all levels and comparison, CPU ms", "≤ 50", ""),
)
_HUB = (
    *(
        (f"deliveries_over_raw_{one}", f"Deliveries per CPU s, over the raw writer ({one})", "≥ 0.85", "0.88–1.06")
        for one in _SIZES
    ),
    *((f"deliveries_over_naive_{one}", f"… over the naive loop ({one})", "≥ 1.6", "") for one in _SIZES),
    ("last_of_5000_over_raw", "Publish → last of 5,000, over the raw writer", "≤ 1.2", ""),
    ("last_of_5000_ms", "… in ms", "", ""),
    ("http_p99_ms_while_pushing", "HTTP p99 on the same loop while pushing to 5,000, ms", "≤ 10", "3.7"),
    ("http_p99_ms_idle", "… while nothing is pushed, ms", "", ""),
    ("idle_client_kb", "Memory per idle subscriber, KB", "≤ 35", "31"),
    (
        "healthy_p99_over_unstalled",
        "10 % of the clients stalled: p99 of the others, over a server without",
        "≤ 1.25",
        "",
    ),
    ("stalled_client_mb", "… memory per stalled client, MB", "≤ 0.5", ""),
    ("dropped_5000_all_back_s", "5,000 dropped at once: all back with one state hash, s", "≤ 30", ""),
    ("poll_500_visible_in_1000_p99_ms", "500 actas from their bytes to 1,000 sockets, p99 ms", "≤ 150", ""),
    ("poll_500_visible_in_1000_p50_ms", "… median, ms", "", ""),
)
_READ = (
    ("table_kb", "The table, KB before compression", "", "217"),
    ("http_body_over_nginx", "Answers per CPU s, over nginx: body", "≥ 0.45", "0.53"),
    ("http_304_over_nginx", "… 304", "≥ 0.28", ""),
    ("http_body_per_cpu_s", "Answers per CPU s: body", "", "31,500"),
    ("http_304_per_cpu_s", "… 304", "", "45,800"),
)
_RACES = (
    ("kb_a_count", "Memory a count, KB", "≤ 300", ""),
    ("server_mb", "The whole server after every count was asked for, MB", "", ""),
    ("load_s", "All counts from the store into service, CPU s", "", ""),
    ("news_ms", "The one question what is new of all counts, where nothing is, CPU ms", "", ""),
    ("table_first_ms", "The table of all races, made for the first time, CPU ms", "", ""),
    ("table_kb", "… KB before compression", "", ""),
    ("table_packed_kb", "… KB compressed", "≤ 60", ""),
    ("region_packed_kb", "… of one region's 122 races, whole rows, KB compressed", "", ""),
    ("change_ms", "One race changed: its row made, and the message that tells it, CPU ms", "≤ 5", ""),
    ("change_bytes", "… bytes of that message", "", ""),
    ("state_ms", "The state of a race, asked for the first time, CPU ms", "", ""),
)
_OVERVIEW = (
    ("races", "Races", "", ""),
    ("areas", "Areas of all levels and races, published", "", ""),
    ("areas_apart", "… that differ from the feed's", "0", ""),
    ("actas", "Actas read", "", ""),
    ("actas_apart", "… that differ from the feed's", "0", ""),
    ("seconds", "Seconds until all was read", "", ""),
    ("memory_mb", "Memory of poller and server together at its most, the page's readers too, MB", "≤ 1500", ""),
    ("html_kb", "HTML of the overview, KB before compression, the map of regions in it", "≤ 60", ""),
    ("html_packed_kb", "… compressed", "", ""),
    ("first_paint_ms", "First contentful paint on this machine, ms", "≤ 1000", ""),
    ("live_ms", "… until it follows the count", "", ""),
    ("slow_numbers_ms", "Slow phone: the first numbers, ms", "≤ 800", ""),
    ("slow_picture_ms", "Slow phone: the map of regions, ms", "≤ 1200", ""),
    ("slow_live_map_ms", "Slow phone: it follows the count, ms", "≤ 4000", ""),
    ("repaint_one_ms", "One changed race: its row, its area on the map and the counter, ms", "≤ 5", ""),
)
_RESPONSES = (
    ("kept", "Responses sent by as many devices, and kept", "10,000", ""),
    ("lost", "… told to be taken, and not kept", "0", ""),
    ("twice", "… kept twice, of those that every tenth device sent again", "0", ""),
    ("per_s", "Responses a second", "", ""),
    ("p50_ms", "From wanting to send to the receipt, median ms", "", ""),
    ("p99_ms", "… p99", "≤ 1000", ""),
    ("fold_ms", "One more response in a state of 20,000, CPU ms", "≤ 5", ""),
)
_FLAGS = (
    ("all_flags_s", "All flags of 92,766 actas, from the log's values to their figures, CPU s", "≤ 1.5", ""),
    ("reading_s", "… of which reading the values into columns, CPU s", "", ""),
    ("tested", "Mesas tested", "", ""),
    ("many_flags_s", "All flags of the same actas with 38 lists, CPU s", "≤ 6", ""),
    ("many_tests", "… tests of shares and turnout among them", "", ""),
)
_PAGE = (
    ("html_kb", "HTML of `/`, KB before compression, the server's picture of the map in it", "≤ 60", ""),
    ("html_packed_kb", "… compressed", "", ""),
    ("first_paint_ms", "First contentful paint on this machine, ms", "≤ 1000", ""),
    ("map_kb", "Everything up to the live map of the country, KB compressed", "≤ 100", "69"),
    ("map_plotly_files", "… files of plotly among it", "0", ""),
    ("live_map_ms", "Live map on this machine, ms", "", ""),
    ("slow_numbers_ms", "Slow phone: the first numbers, ms", "≤ 600", "600–3900"),
    ("slow_picture_ms", "Slow phone: first picture of the map, ms", "≤ 650", ""),
    ("slow_live_map_ms", "Slow phone: live map of the country, ms", "≤ 1000", "1460; stock Dash and plotly 17700"),
    ("slow_districts_at_once_ms", "Slow phone: the country's districts, tapped when its map is live, ms", "≤ 3000", ""),
    ("slow_districts_ms", "… tapped six seconds later", "≤ 3000", ""),
    ("districts_kb", "… their shapes and numbers, and what draws them, KB compressed", "", ""),
    (
        "slow_department_at_once_ms",
        "Slow phone: a department's map, tapped when the country's is live, ms",
        "≤ 1500",
        "",
    ),
    ("slow_department_ms", "… tapped six seconds later", "≤ 1500", ""),
    ("department_kb", "… KB compressed", "", ""),
    ("repaint_districts", "Districts on the map", "", ""),
    ("repaint_all_ms", "All of them in other colours: our modules, main thread, ms", "≤ 10", "14"),
    ("repaint_all_drawn_ms", "… until the map is drawn again, without a graphics card", "", ""),
    ("repaint_one_ms", "One change (a district and all above it): the same, ms", "≤ 5", ""),
    ("repaint_one_drawn_ms", "… until the map is drawn again", "", ""),
)
_EMBED = (
    ("embed_kb", "The national map's embed in all, compressed: HTML with its SVG, style, scripts, KB", "≤ 60", ""),
    ("embed_html_kb", "… of which HTML", "", ""),
    ("embed_first_paint_ms", "First contentful paint on this machine, ms", "≤ 500", ""),
    ("embed_paint_floor_ms", "… of a page of one word, without any server, in between", "", ""),
    ("embed_pages_per_cpu_s", "Pages per CPU s from the shelf", "≥ 2,000", ""),
    ("embed_set", "Pages that others show: the whole, abroad, 25 departments, every view, language and theme", "", ""),
    ("embed_changed", "… that one change of a district makes old", "", ""),
    ("embed_rebuild_ms", "… drawn and compressed again, CPU ms", "≤ 200", ""),
)
_PACKING = (
    ("packing_loose_files", "The archive as it was polled, files", "", ""),
    ("packing_loose_mb", "… MB in them", "", ""),
    ("packing_loose_disk_mb", "… MB on a disk of blocks of 4 KB, half of one lost a file", "", ""),
    ("packing_files", "Packed, files", "≤ 2,000", ""),
    ("packing_mb", "… MB, its log included", "≤ 150", ""),
    ("packing_poller_cpu_s", "The poller, CPU s", "", ""),
    ("packing_cpu_s", "Packing, CPU s, reading back and removing included", "", ""),
    ("packing_share_of_poller", "… per cent of the poller's", "≤ 5", ""),
    ("packing_verify_ratio", "`verify` of the packed archive, times that of the loose one", "≤ 1.5", ""),
)
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_QUESTIONS = (
    *(
        (f"{name}_{figure}", f"{title}: {what}", bar, "")
        for name, title in _DATABASES.items()
        for figure, what, bar in (
            *((f"{one}_ms", f"`{path}`, CPU ms", "≤ 200") for one, path in questions.QUESTIONS.items()),
            ("places_kb", "… what a phone fetches of those places once, KB compressed", "≤ 300"),
            ("places_again_cost_ms", "… and asked again in a version that moved none (304), CPU ms", "≤ 100"),
            *((f"{one}_ms", f"`{path}`, in pieces, CPU ms", "") for one, path in questions.PIECED.items()),
            ("loop_ms", "longest work of the loop in one go meanwhile, CPU ms", "≤ 50"),
            ("healthz_p99_ms", "50 ask for other moments: p99 of `/healthz`, ms", "≤ 50"),
            ("push_p99_over_quiet", "… p99 of a push to 1,000 sockets over a quiet one's, medians of 60", "≤ 1.5"),
            ("flood_answers", "… answers", ""),
            ("flood_refused", "… told to come again (503)", ""),
            ("flood_failed", "… anything else", "0"),
            ("replica_mb", "memory of a replica that holds the count, MB", "≤ 300"),
            ("second_mb", "… of a second count of that size, MB more", "≤ 120"),
            ("replica_after_mb", "… of the replica after all these questions, with both counts, MB", ""),
        )
    ),
)
SECTIONS = {
    "count": BenchSection(
        "Reading the count",
        "CPU time of the process itself. The payloads are those of a seeded rehearsal of the whole country (92,766 "
        "actas), made by the rehearsal feed's code.",
        count.measure,
        _COUNT,
    ),
    "packing": BenchSection(
        "Packing the archive",
        "A seeded rehearsal of the whole country at its end, polled over loopback into SQLite. CPU time is of each "
        "process, the kernel's share included: `escrutinio poll`, `verify`, `archive pack`, `verify`.",
        packing.measure,
        _PACKING,
    ),
    "hub": BenchSection(
        "Pushing it out",
        "Every server has a process of its own, all clients another. Deliveries are counted per CPU second of the "
        "server's process; a raw uvloop writer of one finished frame and a FastAPI loop of `send_text` run beside "
        "ours, round by round. Times (ms, s) are wall-clock times: they say as much of the machine's other work as of "
        "ours, which is why the same request is also timed while nothing is pushed.",
        hub.measure,
        _HUB,
    ),
    "read path": BenchSection(
        "Giving it away",
        "One table over HTTP, compressed, beside Debian's nginx with gzip_static and one worker.",
        readpath.measure,
        _READ,
    ),
    "responses": BenchSection(
        "Taking answers in",
        "The answers of 10,000 devices within an hour, at random moments of it and 24 times as fast, to one server "
        "process over SQLite; accounts and tokens are in the database already. A wait runs from the moment at which "
        "a device wants to send.",
        submissions.measure,
        _RESPONSES,
    ),
    "questions": BenchSection(
        "Asking it",
        "One replica over the log of a whole country's night: 92,766 actas in 2,000 versions. CPU time is the "
        "replica's; every question is the first of its kind in its version. Then 1,000 sockets follow while 50 clients "
        "of as many addresses ask for one other moment of the past after the other. Times of waiting are wall-clock.",
        questions.measure,
        _QUESTIONS,
    ),
    "races": BenchSection(
        "Many races",
        "One server over 1,915 counts of one election, each of eight lists, some areas and forty mesas; all invented.",
        races.measure,
        _RACES,
    ),
    "overview": BenchSection(
        "An election day",
        "1,915 races of 25 regions, 196 provinces and 1,694 districts with a mesa in every district, from a feed in a "
        "process of its own through one `escrutinio run` without a budget; all invented. The page is measured as the "
        "board's is below, while the count is followed.",
        overview.measure,
        _OVERVIEW,
    ),
    "flags": BenchSection(
        "Flagging it",
        "CPU time of the process itself, on a seeded rehearsal of the whole country. False alarms, and the transfers "
        "that are found, stand in RELIABILITY.md.",
        flags.measure,
        _FLAGS,
    ),
    "embed": BenchSection(
        "Showing it elsewhere",
        "A whole country with numbers in every area. CPU time is the server's own; the paint is that of a headless "
        "Chromium without a graphics card, an empty cache for each visit.",
        embed.measure,
        _EMBED,
    ),
    "page": BenchSection(
        "Reading it",
        "A headless Chromium without a graphics card over a country with numbers in every area; an empty cache for "
        "each visit. The slow phone is 360 × 800, 1.6 Mbit/s, 150 ms a request and a quarter of this machine's speed, "
        "by DevTools' throttling; the reference column has peers measured in the same way.",
        page.measure,
        _PAGE,
    ),
}
