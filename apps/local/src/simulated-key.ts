/** The key that the simulated Stripe of a local installation takes; it opens nothing else. */
export const SIMULATED_KEY = 'sk_test_perennial';
