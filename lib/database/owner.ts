/** The owner that a query is limited to. */
export type Owner = { userId: string };
