/** What the GraphQL fields of other contexts may build on. */
export { PlanLoader } from './api/plan-loader.js';
export { IntervalObject, PlanObject, PriceObject } from './api/plan-object.js';
