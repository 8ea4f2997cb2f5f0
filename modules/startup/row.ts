/** A row of the answer. */
import type { RowOf } from '../kit/listing/columns.ts';
import type { module } from './module.ts';

export type Row = RowOf<(typeof module)['listing']['columns']>;
