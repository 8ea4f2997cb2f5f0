/** The builder takes a style that is imported into the page's own. */
declare module '*.css';
