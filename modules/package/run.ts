/** The agent's side of the package module. */
import { runListing } from '../kit/listing/run-listing.ts';
import { module } from './module.ts';
import { packagesBelow } from './packages.ts';

export const run = runListing(module, packagesBelow('/'));
