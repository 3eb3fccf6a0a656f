import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { PlanDecider } from './plan/plan.decider.js';
import { planDetails } from './read-models/plan-details/plan-details.projection.js';
import { planVersions } from './read-models/plan-version/plan-version.projection.js';

export const catalogContext: ContextDefinition = {
  name: 'catalog',
  deciders: [PlanDecider],
  readModels: [planDetails, planVersions],
};
