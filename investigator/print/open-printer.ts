/** The printer for a format; those that few need are loaded on demand. */
import type { ResultFormat } from '../cli/common-flags.ts';
import { plainView, type View } from '../cli/view-flags.ts';
import { toLayout } from './columns.ts';
import { labelWithin } from './label.ts';
import type { Printer, PrinterOptions } from './printer.ts';

type Defaulted = 'label' | 'now';
type Given = Omit<PrinterOptions, Defaulted | 'layout'> &
  Partial<Pick<PrinterOptions, Defaulted>> & { readonly view?: View };

/**
 * Without `label`, agents that share a name within these results are told apart.
 * @throws CodedError usage: there is no such column.
 */
export async function openPrinter(format: ResultFormat, { view = plainView, ...options }: Given): Promise<Printer> {
  const layout = toLayout(view, options.asked.operations, options.modules);
  const complete = { label: labelWithin(), now: Date.now, layout, ...options };
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
    case 'sarif':
      return (await import('./sarif.ts')).sarifPrinter(complete);
    case 'junit':
      return (await import('./junit.ts')).junitPrinter(complete);
  }
}
