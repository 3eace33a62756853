/* The picture of finer areas than a page brings, which comes when somebody asks for them. */
import "./shared.js";

export * from "./map/finer.js";
