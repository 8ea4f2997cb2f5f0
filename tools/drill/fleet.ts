/** The environment of the drill's agents. */
export const fleet = 'drill';
