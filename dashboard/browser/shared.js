/* What more than one entry imports. All of them name it, so that the bundler puts it into one file and not into one for each
   set of entries: a page asks for two files. A test counts them. */
import "./count/incidents.js";
import "./count/issues.js";
import "./count/measures.js";
import "./count/paint.js";
import "./count/store.js";
import "./live/client.js";
import "./map/data.js";
import "./map/labels.js";
import "./map/levels.js";
import "./map/picture.js";
import "./page/announce.js";
import "./text/addresses.js";
import "./text/dom.js";
import "./text/moments.js";
import "./device/memory.js";
