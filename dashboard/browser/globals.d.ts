/* The page's configuration: what every page shares before it is read, the whole of it after. */
declare global {
  var escrutinio: Record<string, any> | undefined;
}
export {};
