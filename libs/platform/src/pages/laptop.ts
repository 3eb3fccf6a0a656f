import { Injectable } from '@nestjs/common';
import type { Request } from 'express';

/** What a person at the machine may see of an installation for development. */
export interface LocalSecrets {
  readonly apiKey: string;
  /** What runs, and where: one line each. */
  readonly parts: readonly { readonly name: string; readonly what: string }[];
}

const OWN_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The key of a local installation. Everywhere else nobody sets it, and nobody is shown one. */
@Injectable()
export class Laptop {
  private secrets: LocalSecrets | null = null;

  show(secrets: LocalSecrets): void {
    this.secrets = secrets;
  }

  /**
   * Null unless it is asked on the machine itself, by its own name and by no other site: neither a neighbour in the network, nor a
   * proxy, nor a page that has its name resolved to this machine is told the key.
   */
  shownTo(request: Request): LocalSecrets | null {
    const comesFromHere = OWN_ADDRESSES.includes(request.socket.remoteAddress ?? '');
    const isForwarded = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].some((name) => name in request.headers);
    const isNamedSo = OWN_NAMES.includes((request.headers.host ?? '').replace(/:\d+$/, ''));
    const isOwnSite = ['same-origin', 'none', undefined].includes(request.get('sec-fetch-site'));
    return comesFromHere && !isForwarded && isNamedSo && isOwnSite ? this.secrets : null;
  }
}
