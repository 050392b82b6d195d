// Where the sign-in library finds its tables and columns: those of migrations/0009-accounts.sql.

const TIMES = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

/** Options of the library, by model. */
export const AUTH_TABLES = {
  user: {
    modelName: 'users',
    fields: { ...TIMES, emailVerified: 'email_verified' },
    additionalFields: {
      timeZone: { type: 'string', required: false, input: true, fieldName: 'time_zone' },
    },
  },
  session: {
    modelName: 'user_sessions',
    fields: {
      ...TIMES,
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'user_credentials',
    fields: {
      ...TIMES,
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: { modelName: 'user_verifications', fields: { ...TIMES, expiresAt: 'expires_at' } },
} as const

/** The same for its two-factor plugin. */
export const TWO_FACTOR_SCHEMA = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'user_two_factors',
    fields: {
      userId: 'user_id',
      backupCodes: 'backup_codes',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
} as const
