/* Which doubts stand beside a number (held, flagged), and what they say. */
import { config } from "../text/config.js";
import { t } from "../text/words.js";

const SIDES = ["held", "flags"];

/**
 * The sides on which there is something to say.
 * @param {any} data
 * @returns {string[]}
 */
export const doubtsOf = (data) => SIDES.filter((side) => data?.[side]?.length);

/**
 * What an issue says, in general where it comes without its figures; the rules are those of texts/issues.py.
 * @param {{ rule: string, figures?: Record<string, any> }} issue
 * @returns {string}
 */
export function sentence({ rule, figures }) {
  const { issue, rules, flag_rules: flagRules } = config.words;
  if (figures && issue[rule]) return t(`issue.${rule}`, figures);
  if (rules[rule]) return t(`rules.${rule}`);
  return flagRules[rule] ? t(`flag_rules.${rule}`) : rule;
}
