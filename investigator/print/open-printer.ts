/** The printer for a format; those that few need are loaded on demand. */
import type { ResultFormat } from '../cli/common-flags.ts';
import { labelWithin } from './label.ts';
import type { Printer, PrinterOptions } from './printer.ts';

type Defaulted = 'label' | 'now';

/** Without `label`, agents that share a name within these results are told apart. */
export async function openPrinter(
  format: ResultFormat,
  options: Omit<PrinterOptions, Defaulted> & Partial<Pick<PrinterOptions, Defaulted>>,
): Promise<Printer> {
  const complete = { label: labelWithin(), now: Date.now, ...options };
  switch (format) {
    case 'text':
      return (await import('./text.ts')).textPrinter(complete);
    case 'json':
      return (await import('./json.ts')).jsonPrinter(complete);
    case 'ndjson':
      return (await import('./json.ts')).ndjsonPrinter(complete);
    case 'csv':
      return (await import('./csv.ts')).csvPrinter(complete);
    case 'html':
      return (await import('./html.ts')).htmlPrinter(complete);
  }
}
