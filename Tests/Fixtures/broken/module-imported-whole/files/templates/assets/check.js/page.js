import * as tree from "./tree.js";

tree.root();
