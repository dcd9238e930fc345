var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health/ready", () => "ready");
await app.RunAsync();
