import type { Currency } from '#kernel/currency.js';
import type { PaymentMethodId } from '#kernel/ids.js';
import type { AccountEvent, Particulars } from './account.events.js';

/** What every account has, open or closed. */
interface Existing {
  readonly currency: Currency;
  readonly particulars: Particulars;
  readonly particularsVersion: number;
  /** In the order they were added. */
  readonly paymentMethods: readonly PaymentMethodId[];
  readonly defaultPaymentMethod: PaymentMethodId | null;
}

export type OpenAccount = Existing & { readonly status: 'open' };
export type Account = { readonly status: 'absent' } | OpenAccount | (Existing & { readonly status: 'closed' | 'erased' });

export const initialState: Account = { status: 'absent' };

export function evolve(state: Account, event: AccountEvent): Account {
  if (event.type === 'AccountCreated') {
    const { accountId: _, testClockId: __, currency, particularsVersion, ...particulars } = event.data;
    return { status: 'open', currency, particulars, particularsVersion, paymentMethods: [], defaultPaymentMethod: null };
  }
  if (event.type === 'AccountErased') return erased(state);
  if (state.status !== 'open') throw new Error(`${event.type} follows on an account that is ${state.status}.`);
  switch (event.type) {
    case 'AccountChanged':
      return {
        ...state,
        particulars: { ...state.particulars, ...event.data.changes },
        particularsVersion: event.data.particularsVersion,
      };
    case 'PaymentMethodAdded': {
      const { paymentMethodId, isDefault } = event.data;
      const defaultPaymentMethod = isDefault ? paymentMethodId : state.defaultPaymentMethod;
      return { ...state, paymentMethods: [...state.paymentMethods, paymentMethodId], defaultPaymentMethod };
    }
    case 'DefaultPaymentMethodChanged':
      return { ...state, defaultPaymentMethod: event.data.paymentMethodId };
    case 'PaymentMethodRemoved': {
      const { paymentMethodId, wasDefault } = event.data;
      const defaultPaymentMethod = wasDefault ? null : state.defaultPaymentMethod;
      return { ...state, paymentMethods: state.paymentMethods.filter((known) => known !== paymentMethodId), defaultPaymentMethod };
    }
    case 'AccountClosed':
      return { ...state, status: 'closed' };
    default:
      return event satisfies never;
  }
}

function erased(state: Account): Account {
  switch (state.status) {
    case 'closed':
      return { ...state, status: 'erased' };
    case 'absent':
    case 'open':
    case 'erased':
      throw new Error(`AccountErased follows on an account that is ${state.status}.`);
    default:
      return state satisfies never;
  }
}
