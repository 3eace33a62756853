/** What a browser may refuse, at once or later.
   @template T, U @param {() => Promise<T>} task @param {U} otherwise @returns {Promise<T | U>} */
export async function tried(task, otherwise) {
  try {
    return await task();
  } catch {
    return otherwise;
  }
}
