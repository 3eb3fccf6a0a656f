import { decisionRules } from './decision-rules.js';
import { dependencyRules } from './dependency-rules.js';
import { patienceRules } from './patience-rules.js';
import type { Rule } from './rule.js';
import { stateRules } from './state-rules.js';
import { tidyRules } from './tidy-rules.js';

/** All rules about the sources, as docs/decisions explains them. */
export const houseRules: readonly Rule[] = [...dependencyRules, ...decisionRules, ...stateRules, ...tidyRules, ...patienceRules];
