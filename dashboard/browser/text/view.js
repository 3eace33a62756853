/* Map or table: what the URL says; else what the document begins with, if it says so; else a phone begins with the table. */
const first = () => document.querySelector('meta[name="first-view"]')?.getAttribute("content");

export const wantedView = () => new URLSearchParams(window.location.search).get("view")
  || first() || (window.matchMedia("(max-width: 47.99rem)").matches ? "table" : "map");
