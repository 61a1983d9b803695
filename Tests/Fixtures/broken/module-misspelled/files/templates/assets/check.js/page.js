import { root } from "./tre.js";

root();
