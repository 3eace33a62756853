/* MapLibre's map, which comes when somebody goes nearer than the server's picture. */
import "./shared.js";

export * from "./map/webgl.js";
