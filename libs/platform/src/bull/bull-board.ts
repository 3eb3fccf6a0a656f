import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bull';
import type { RequestHandler } from 'express';
import { QUEUE_BOARD_PATH } from './queue-board.js';

/** Bull's own dashboard, for reading only: its jobs are doorbells, and what they ring for stands in PostgreSQL. */
export function bullBoard(...queues: Queue[]): RequestHandler {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(QUEUE_BOARD_PATH);
  createBullBoard({ queues: queues.map((queue) => new BullAdapter(queue, { readOnlyMode: true })), serverAdapter });
  return serverAdapter.getRouter() as RequestHandler;
}
