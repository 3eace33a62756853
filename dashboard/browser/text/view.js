/* Map or table: what the URL says; else a phone begins with the table. */
export const wantedView = () => new URLSearchParams(window.location.search).get("view")
  || (window.matchMedia("(max-width: 47.99rem)").matches ? "table" : "map");
