/** The types that other contexts add fields to, or answer with. */
export { AccountView, HoldView } from './read-models/account-details/account-details.query.js';
