/* What checks the proof of a number, which comes when somebody asks for it. */
import "./shared.js";

export * from "./proof/panel.js";
