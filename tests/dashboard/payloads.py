"""A hundred and twenty texts that run a script where somebody reads them as HTML, as an address or as code.

Each calls `alert(1)` or sets `window.hit`; a page that shows all of them does neither.
Source: the shapes of OWASP's XSS Filter Evasion Cheat Sheet, written anew.
"""

from itertools import product

_RUN = "window.hit=1"
_TAGS = (
    "<script>{run}</script>",
    "<SCRIPT>{run}</SCRIPT>",
    "<script src=data:text/javascript,{run}></script>",
    "<img src=x onerror={run}>",
    "<img src=x onerror='{run}'>",
    '<img src="x" onerror="{run}">',
    "<svg onload={run}>",
    "<svg/onload={run}>",
    "<svg><script>{run}</script></svg>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<body onload={run}>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
    "<iframe src=javascript:parent.{run}></iframe>",
    "<object data=javascript:{run}>",
    "<embed src=javascript:{run}>",
    "<video><source onerror={run}></video>",
    "<audio src=x onerror={run}>",
    "<details open ontoggle={run}>x</details>",
    "<input autofocus onfocus={run}>",
    "<select autofocus onfocus={run}>",
    "<textarea autofocus onfocus={run}>",
    "<marquee onstart={run}>x</marquee>",
    "<a href=javascript:{run}>x</a>",
    "<math><mtext><img src=x onerror={run}></mtext></math>",
    "<style>@import 'javascript:{run}';</style>",
    "<link rel=stylesheet href=javascript:{run}>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>",
    "<base href=javascript:{run}//>",
    "<form><button formaction=javascript:{run}>x</button></form>",
    "<template><script>{run}</script></template>",
)
_FRAMES = ("{tag}", '">{tag}', "'>{tag}", "</textarea></title></script></option></select>{tag}")

PAYLOADS = tuple(frame.format(tag=tag.format(run=_RUN)) for frame, tag in product(_FRAMES, _TAGS))
assert len(set(PAYLOADS)) == 120
