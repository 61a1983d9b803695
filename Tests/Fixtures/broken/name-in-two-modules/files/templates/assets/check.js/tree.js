const pad = 1;
export const root = () => pad;
