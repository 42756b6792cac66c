import { scriptOfPages } from "../script/build.ts";

export default scriptOfPages("page", "understudyPage");
