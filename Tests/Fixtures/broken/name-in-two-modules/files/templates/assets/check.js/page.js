import { root } from "./tree.js";

const pad = 2;
root(pad);
