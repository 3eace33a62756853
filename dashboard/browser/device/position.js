/* Where this device is. */
const WAY = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

/** {lon, lat, accuracy}; null where it is not given. */
export function position() {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => navigator.geolocation.getCurrentPosition(
    ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }), () => resolve(null), WAY));
}
