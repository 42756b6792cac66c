import { scriptOfPages } from "../script/build.ts";

export default scriptOfPages("banner", "understudyBanner");
