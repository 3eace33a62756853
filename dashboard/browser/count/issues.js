/* Which doubts stand beside a number: held, flagged. */

const SIDES = ["held", "flags"];

/**
 * The sides on which there is something to say.
 * @param {any} data
 * @returns {string[]}
 */
export const doubtsOf = (data) => SIDES.filter((side) => data?.[side]?.length);
