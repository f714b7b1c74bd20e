/** What can stand inside of an element. Nothing and `false` are left out. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];
