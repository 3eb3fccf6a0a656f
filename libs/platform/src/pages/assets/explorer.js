// Opens Altair on this server's own GraphQL, with the key of a laptop where there is one.
const { examples, apiKey } = JSON.parse(document.querySelector('meta[name="explorer"]').content);
const headers = { Authorization: `Bearer ${apiKey ?? 'YOUR_API_KEY'}` };

globalThis.AltairGraphQL.init({
  endpointURL: '/graphql',
  initialHeaders: headers,
  initialWindows: examples.map(({ name, query }) => ({ initialName: name, initialQuery: query, initialHeaders: headers })),
  // Another key is another installation: it does not open with the tabs of the one before.
  instanceStorageNamespace: `perennial_${(apiKey ?? '').slice(3, 15)}_`,
  initialSettings: { theme: 'system', disablePushNotification: true, 'alert.disableWarnings': true },
  disableAccount: true,
});
