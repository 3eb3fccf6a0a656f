import type { ApiClient } from './api-client.js';

export interface Company {
  /** From 1. */
  readonly number: number;
  /** What the e-mail addresses of its customers end with. */
  readonly example: string;
}

export function companyOf(number: number): Company {
  return { number, example: `demo${number}.example.com` };
}

/** Those that earlier demos made: each has a first customer. */
export async function companiesIn(api: ApiClient): Promise<Company[]> {
  const found: Company[] = [];
  for (let number = 1; ; number += 1) {
    const company = companyOf(number);
    const { data } = await api.get<{ data: unknown[] }>(`/v1/accounts?email=${encodeURIComponent(`customer1@${company.example}`)}`);
    if (data.length === 0) return found;
    found.push(company);
  }
}
