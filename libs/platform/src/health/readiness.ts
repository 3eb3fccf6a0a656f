import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** One thing without which requests cannot be served. */
export interface ReadinessCheck {
  readonly name: string;
  /** Null when it is there, else what is waited for, in a sentence that may be shown to anybody. A throw counts as not there. */
  readonly waitingFor: () => Promise<string | null>;
}

export interface CheckResult {
  readonly name: string;
  readonly ready: boolean;
  readonly waitingFor: string | null;
}

const TIMEOUT_MS = 2_000;

/** Every module registers what it needs: `readiness.register({ name: 'redis', waitingFor: … })` in its `onModuleInit`. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly checks = new Map<string, ReadinessCheck>();

  /** A process that is ending gets no new requests, while it still answers those that it has. */
  onModuleDestroy(): void {
    this.register({ name: 'process', waitingFor: async () => 'The process is stopping.' });
  }

  register(check: ReadinessCheck): void {
    this.checks.set(check.name, check);
  }

  async results(): Promise<CheckResult[]> {
    return Promise.all([...this.checks.values()].map(resultOf));
  }
}

async function resultOf(check: ReadinessCheck): Promise<CheckResult> {
  const waitingFor = await answerInTime(check).catch(() => `${check.name} does not answer.`);
  return { name: check.name, ready: waitingFor === null, waitingFor };
}

/** A check that hangs must not make the probe hang: the orchestrator would take that for dead, not for unready. */
async function answerInTime(check: ReadinessCheck): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`${check.name} does not answer within ${TIMEOUT_MS} ms.`), TIMEOUT_MS);
  });
  try {
    return await Promise.race([check.waitingFor(), late]);
  } finally {
    clearTimeout(timer);
  }
}
