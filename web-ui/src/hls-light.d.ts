// hls.js describes only its full build; the light one (no subtitles, no DRM) has the same face.
declare module "hls.js/light" {
  import Hls from "hls.js";
  export default Hls;
}
