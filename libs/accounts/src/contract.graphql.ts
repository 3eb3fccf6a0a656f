/** The type that other contexts add fields to. */
export { AccountView } from './read-models/account-details/account-details.query.js';
