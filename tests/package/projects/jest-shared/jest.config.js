module.exports = { globalSetup: "ravel-server/jest" };
