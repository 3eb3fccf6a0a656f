import { Module } from '@nestjs/common';
import { LedgerController } from './api/ledger.controller.js';

/** Reads the books. They are written by the engine, from the postings that the contexts declare. */
@Module({ controllers: [LedgerController] })
export class LedgerModule {}
