/** What the GraphQL fields of other contexts may build on. */
export { AccountLoader } from './api/account-loader.js';
export { AccountObject, PaymentMethodObject } from './api/account-object.js';
