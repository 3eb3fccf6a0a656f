import type { ExampleQuery } from '#platform/pages/explorer.js';

/** What the explorer opens with, the last one in front. A specification runs each of them. */
export const exampleQueries: readonly ExampleQuery[] = [
  {
    name: 'A quote',
    query: `# What a price comes to, step by step, before anybody has it. The input is the body of POST /v1/quotes.
query Quote {
  quote(input: {
    currency: "USD"
    items: [{
      usage: "1500"
      price: {
        code: "calls", kind: "usage", model: "graduated", meter: { metric: "calls", aggregation: "sum" }
        currencies: { USD: { tiers: [{ upTo: "1000", unitAmount: "0" }, { upTo: null, unitAmount: "0.5" }] } }
      }
    }]
  }) {
    lines { description quantity amount { formatted } explanation { steps { text } } }
    total { formatted }
  }
}
`,
  },
  {
    name: 'Failed payments',
    query: `# The newest payments; the failed ones say why.
query Payments {
  payments(first: 20) {
    edges { node { status attempt amount { formatted } failure { code message } invoiceId } }
  }
}
`,
  },
  {
    name: 'One customer',
    query: `# Everything of the customer with this e-mail address.
query Customer {
  accounts(first: 1, email: "ada@example.com") {
    edges {
      node {
        name
        paymentMethods { brand last4 }
        subscriptions(first: 5) {
          edges {
            node {
              status
              invoices(first: 5) { edges { node { number status total { formatted } } } }
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    name: 'Accounts',
    query: `# Each customer with what it has subscribed to, and when that is billed next.
query Accounts {
  accounts(first: 10) {
    edges {
      node {
        id
        name
        email
        currency
        subscriptions(first: 3) {
          edges { node { id status quantity currentPeriodEnd } }
        }
      }
    }
  }
}
`,
  },
  {
    name: 'Invoices',
    query: `# The newest invoices, with what was tried to collect them.
query Invoices {
  invoices(first: 10) {
    edges {
      node {
        number
        status
        issuedAt
        total { formatted }
        payments(first: 5) { edges { node { status amount { formatted } } } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  },
];
