// On the machine of a developer the API pages are authorized from the start. The key is fetched and not written here, since a
// script can be loaded by pages of other sites, whose scripts cannot read what is fetched.
fetch('/docs/key')
  .then((answer) => answer.json())
  .then(({ apiKey }) => {
    if (!apiKey) return;
    const schema = { type: 'http', scheme: 'bearer' };
    const authorize = () => {
      if (window.ui) window.ui.authActions.authorize({ bearer: { name: 'bearer', schema, value: apiKey } });
      else setTimeout(authorize, 50);
    };
    authorize();
  });
