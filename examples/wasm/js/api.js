// Everything that the package offers.
import { codes as rawCodes } from "./raw.js";
import { through } from "./door.js";

export { Access } from "./access.js";
export { Books } from "./books.js";
export { Catalog } from "./catalog.js";
export { BailiwickError } from "./door.js";
export { ActorKind, QUESTION_WIDTH, Tenants } from "./tenants.js";
export { uuid } from "./value.js";

export const codes = () => JSON.parse(through(() => rawCodes()));
