# syntax=docker/dockerfile:1
# Versions, not moving tags: the same source makes the same image. Renew both together.
ARG SDK=10.0.401
ARG RUNTIME=10.0.12

FROM mcr.microsoft.com/dotnet/sdk:${SDK} AS build
WORKDIR /source

# What names packages comes first: as long as it stays the same, so does the layer with the restored packages.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig ./
COPY Parle.Domain/*.csproj Parle.Domain/packages*.lock.json Parle.Domain/
COPY Parle.Projections/*.csproj Parle.Projections/packages*.lock.json Parle.Projections/
COPY Parle.Api/*.csproj Parle.Api/packages*.lock.json Parle.Api/
COPY shims/DistributedLock.Postgres/*.csproj shims/DistributedLock.Postgres/packages*.lock.json shims/DistributedLock.Postgres/
COPY shims/NJsonSchema.NewtonsoftJson/*.csproj shims/NJsonSchema.NewtonsoftJson/packages*.lock.json shims/NJsonSchema.NewtonsoftJson/
# Exactly the committed packages; a platform without a lock file of its own resolves them anew.
ENV RestoreLockedMode=true
RUN dotnet restore Parle.Api -p:Configuration=Release -p:_IsPublishing=true

COPY . .
RUN dotnet publish Parle.Api --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:${RUNTIME}
LABEL org.opencontainers.image.title="Parle" \
      org.opencontainers.image.version="0.13.0"
WORKDIR /app
COPY --from=build /app .

# The service writes here and nowhere else; server.key lies in it.
RUN install --directory --owner="$APP_UID" --group="$APP_UID" --mode=0700 /var/lib/parle
VOLUME /var/lib/parle
ENV PARLE_DATA=/var/lib/parle \
    ASPNETCORE_HTTP_PORTS=8080 \
    DOTNET_EnableDiagnostics=0
EXPOSE 8080
USER $APP_UID

# The image has no curl, and needs none.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Parle.Api.dll"]
