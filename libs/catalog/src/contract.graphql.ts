/** The type that other contexts add fields to. */
export { PlanView } from './read-models/plan-details/plan-details.query.js';
