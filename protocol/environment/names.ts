/** Names that the config file gives. Separate from the environment, which takes longer to load. */
import * as z from 'zod';

export const EnvironmentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and dashes');
export const PersonName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,62}$/, 'expected lower-case letters, digits, dots and dashes');
export const ModuleName = z.string().regex(/^[a-z][a-z0-9]{0,31}$/, 'expected a module name');
