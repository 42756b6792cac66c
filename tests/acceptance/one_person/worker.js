onmessage = async ({ data }) => {
  await fetch(data.url, data.more).catch(() => {});
  postMessage("done");
};
