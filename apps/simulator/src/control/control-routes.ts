import { controlCards } from './card-control.js';
import type { ControlApi } from './control-api.js';
import type { Controlled } from './controlled.js';
import { controlFaults } from './fault-control.js';
import { controlState } from './state-control.js';
import { controlWebhooks } from './webhook-control.js';

export function registerControl(control: ControlApi, controlled: Controlled): void {
  controlFaults(control, controlled.faults);
  controlWebhooks(control, controlled);
  controlCards(control, controlled);
  controlState(control, controlled);
}
