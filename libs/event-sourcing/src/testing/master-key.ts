/** What wraps the keys of accounts in tests, and nowhere else. */
export const TEST_MASTER_KEY = Buffer.alloc(32, 'test').toString('base64');
