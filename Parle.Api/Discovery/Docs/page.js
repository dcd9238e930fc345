// Shows this service's own description, whatever the address of the page says. Nothing can be sent from here: a page on the
// service's origin would send the visitor's cookie along, and a stranger's link could lead to it.
const nothing = () => () => null;
SwaggerUIBundle({
    dom_id: '#description',
    url: '/openapi.json',
    queryConfigEnabled: false,
    supportedSubmitMethods: [],
    validatorUrl: null,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    plugins: [{ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } }], // Nothing is sent, so nobody is asked for a token.
});
